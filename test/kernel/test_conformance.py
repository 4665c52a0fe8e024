"""Jupyter's own conformance suite, run against the kernel `backprop`.

JUPYTER_PATH must name a folder that holds `kernels/backprop`. The suite skips, by itself, what the
kernel does not offer: a pager, clearing of outputs, and a history kept across sessions.
"""

import unittest

import jupyter_kernel_test


class ConformanceTests(jupyter_kernel_test.KernelTests):
    kernel_name = "backprop"
    language_name = "typescript"
    file_extension = ".ts"

    code_hello_world = 'console.log("hello, world");'
    code_stderr = 'console.error("test");'

    completion_samples = [
        {"text": "Math.hyp", "matches": {"hypot"}},
        {"text": "Float64Arr", "matches": {"Float64Array"}},
        # Jupyter counts the cursor in code points, which the sigma tells from bytes and the
        # mathematical letter from UTF-16 units.
        {"text": 'const δ = "𝑧"; Math.hyp', "matches": {"hypot"}},
    ]

    complete_code_samples = [
        "1 + 1",
        "const xor = (a: number, b: number) => a ^ b;",
        "for (const x of [0, 1]) {\n  console.log(x);\n}",
        "",
    ]
    incomplete_code_samples = [
        "function step(z: number) {",
        "const inputs = [",
        "console.log(",
        "for (const x of [0, 1]) {\n  console.log(x);",
    ]

    code_generate_error = 'throw new RangeError("raised on purpose");'

    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "const z = 0.1 + 0.2;\nz", "result": "0.30000000000000004"},
        {"code": "[0, 1, 1, 0]", "result": "[ 0, 1, 1, 0 ]"},
        {"code": "Float64Array.of(0.5, -1)", "result": "Float64Array(2) [ 0.5, -1 ]"},
        {"code": "await Promise.resolve('later')", "result": "'later'"},
        {
            "code": '({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": "<b>bold</b>" }) })',
            "mime": "text/html",
            "result": "<b>bold</b>",
        },
    ]

    code_display_data = [
        {
            "code": '(globalThis as any)[Symbol.for("Jupyter.host")]'
            '.display({ "image/svg+xml": "<svg/>" });',
            "mime": "image/svg+xml",
        },
        {
            "code": 'import * as tslab from "tslab";\ntslab.display.html("<i>text</i>");',
            "mime": "text/html",
        },
    ]

    code_inspect_sample = "Math.hypot"


if __name__ == "__main__":
    unittest.main()
