"""Grading by nbgrader's own pipeline, with one change: a submission is data, from which the graded notebook is built."""
