/**
 * Cards: questions and predictions that keep their answers. They work in the output itself, without a kernel; where no
 * script runs, the answer stands in a closed part below the question.
 */
export { type PredictOptions, predict, type Result } from "./cards/predict";
export { type QuestionOptions, question } from "./cards/question";
export { type ReviewItem, review } from "./cards/review";
