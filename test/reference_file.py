"""What the rooms' reference.py share: to write their file of reference values, or to hold it against new ones."""

import json
import sys
from pathlib import Path


def differences(old, new, is_same, path=""):
    """Where two results differ, one line each; `is_same(path, old, new)` judges numbers."""
    if isinstance(new, float) and isinstance(old, (int, float)):
        if not is_same(path, old, new):
            yield f"{path}: {old} in the file, {new} now"
    elif isinstance(new, dict) and isinstance(old, dict) and old.keys() == new.keys():
        for key in new:
            yield from differences(old[key], new[key], is_same, f"{path}.{key}")
    elif isinstance(new, list) and isinstance(old, list) and len(old) == len(new):
        for n, (one, other) in enumerate(zip(old, new)):
            yield from differences(one, other, is_same, f"{path}[{n}]")
    elif old != new:
        yield f"{path}: {old!r} in the file, {new!r} now"


def write_or_check(new, size, is_same):
    """Writes the file that the command names; with --check it ends with what differs instead."""
    file = Path(sys.argv[1])
    if "--check" not in sys.argv:
        file.write_text(json.dumps(new, separators=(",", ":")), encoding="utf-8")
        print(f"{size} are written.")
        return
    found = list(differences(json.loads(file.read_text(encoding="utf-8")), new, is_same))
    if found:
        sys.exit("\n".join(found[:20]))
    print(f"{size} are as in the file.")
