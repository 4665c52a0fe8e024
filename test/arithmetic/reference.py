"""Values of the elementary functions to sixty digits, for arithmetic.test.ts.

    reference.py reference.json            writes them
    reference.py reference.json --check    fails if the file differs from what mpmath computes now

`npm run test:reference` installs what this needs (test/nn/requirements.txt), and checks.

Each row is the arguments, the number next to the true value, and how far the true value is from it, in units in the
last place of that number: so an error is known to a thousandth of a unit.
"""

import json
import math
import random
import sys
from fractions import Fraction
from pathlib import Path

import mpmath
from mpmath import mp, mpf

mp.prec = 400


def row(function, *arguments):
    # Near a multiple of pi the sine has far fewer digits than its argument; of e^x - 1 near 0 the same is true.
    with mp.workprec(1500):
        true = function(*map(mpf, arguments))
        number = float(true)
        if not math.isfinite(number):  # what overflows stands in the test itself
            return None
        offset = (true - mpf(number)) / mpf(math.ulp(number))
    return [*arguments, number, float(f"{float(offset):.3f}")]


def steps(x, n):
    """The number n places from x."""
    for _ in range(abs(n)):
        x = math.nextafter(x, math.inf if n > 0 else -math.inf)
    return x


def around(*numbers):
    return [steps(x, n) for x in numbers for n in (-1, 0, 1)]


def both(numbers):
    return [sign * x for x in numbers for sign in (1, -1)]


def uniform(draw, count, low, high):
    return [draw.uniform(low, high) for _ in range(count)]


def scales(draw, count, low, high):
    """Numbers of every size from 2^low to 2^high."""
    return [2.0 ** draw.uniform(low, high) for _ in range(count)]


def points(name):
    """Where the methods change (ends of ranges and of a table's intervals), where numbers end, where errors were
    largest in a search through some ten million points; and drawn ones of every size."""
    draw = random.Random(name)
    if name == "exp":
        return [
            *both(around(709.0, 0.5, math.log(2), 2.0**-53, 2.0**-54)),
            *around(-708.0, 709.782712893384, -745.1332191019411, -708.3964185322641, -744.4400719213812),
            *[-709.4284, -708.41923814451036, -707.59228229, -708.44950185033997, 5e-324, 1e-300],
            *[math.log(2) * (n + 0.5) / 128 for n in range(-20, 20)],
            *uniform(draw, 60, -746 + 0.9, 709.7),
            *uniform(draw, 40, -745, -707),
            *uniform(draw, 60, -2, 2),
            *both(scales(draw, 20, -60, 9)),
        ]
    if name == "expm1":
        return [
            *both(around(0.0625, 0.25, 0.0027, 2.0**-53, 1.0)),
            *around(709.0, 709.782712893384, -40.0, -37.5),
            *[0.094798215452646495, 0.10016561675564695, 0.1109604705753287, 5e-324, -5e-324, 1e-300, -745.0],
            *uniform(draw, 80, -0.3, 0.3),
            *uniform(draw, 60, -3, 3),
            *uniform(draw, 40, -45, 700),
            *both(scales(draw, 30, -60, 5)),
        ]
    if name == "log":
        return [
            *around(0.6875, 1.375, 1.0, 255 / 256, 129 / 128, 2.0, 0.5, 10.0, math.e),
            *around(2.0**-1022, 2.0**-1000, 2.0**1000),
            *[5e-324, 1e-323, 1e-310, 1.7976931348623157e308, 1.0066609403647175, 1.00563825388821],
            *[1 + n / 128 for n in range(-40, 48)],
            *uniform(draw, 100, 0.6, 1.5),
            *[1 + x for x in both(scales(draw, 30, -50, -3))],
            *scales(draw, 60, -1074, 1024),
        ]
    if name == "log1p":
        return [
            *both(around(2.0**-53, 2.0**-52, 1e-3, 0.5)),
            *around(1.0, 2.0**53, -0.3125, 0.375),
            *[-1 + 2.0**-53, -0.999, 1e-300, 5e-324, -5e-324, 1.7976931348623157e308, 1.8041122413487994e-16],
            *[-1.8037934173968137e-16, 0.0066092046763529533],
            *uniform(draw, 80, -1, 1),
            *both(scales(draw, 40, -60, -0.01)),
            *scales(draw, 40, 0, 1000),
        ]
    if name == "tanh":
        return [
            *both(around(1 / 128, 3 / 128, 5 / 128, 0.5, 19.0, 19.0615)),
            *both([0.0078125310047151252, 0.0078125337475870166, 0.0081586765363728785, 13.104825622246711, 20.0, 5e-324]),
            *both([1e-300, 1e300, 20.5]),
            *both(uniform(draw, 40, 0, 0.1)),
            *both(uniform(draw, 40, 0, 2)),
            *both(uniform(draw, 30, 0, 20)),
            *both(scales(draw, 20, -60, 5)),
        ]
    if name in ("sin", "cos"):
        halves = [n * math.pi / 2 for n in (1, 2, 3, 4, 5, 11, 22, 355, 710, 1001, 52174, 1048574, 1048577)]
        return [
            *both(around(math.pi / 4, 0.7853981633974483, 1647099.0)),
            *both(around(*halves)),
            # The nearest that numbers come to a multiple of pi/2 (Kahan; Muller, Elementary Functions, 11.3.2)
            *[6381956970095103.0 * 2.0**797, 5.319372648326541e255, 1e22, 2.0**1023, 1.7976931348623157e308],
            *[0.78567632881411853, 0.7872491328180381, 2.3631530036084984, 1323673.123460199, 8.6198336475133104],
            *[5e-324, 1e-300, 1e-8, 2.0**-27],
            *uniform(draw, 60, -0.79, 0.79),
            *uniform(draw, 60, -10, 10),
            *uniform(draw, 40, -1647099, 1647099),
            *both(scales(draw, 30, -30, 1023)),
        ]
    raise KeyError(name)


def power_points():
    draw = random.Random("pow")
    pairs = [
        *[(0.1, n) for n in range(-5, 6)],
        *[(0.3, 3.0), (0.5, 4.0), (10.0, 308.0), (10.0, -323.0), (2.0, -1074.0), (2.0, 0.5), (2.0, -0.5)],
        *[(steps(1.0, n), 1e15) for n in (-3, -1, 1, 3)],
        *[(1.0073654486291426, 92442.881139727469), (6.0623507678753863e-100, -2.6271634581955579)],
        *[(5e-324, 0.5), (1e-310, 0.9), (1e-310, -0.5), (1.7976931348623157e308, 0.25), (-3.0, 33.0), (-0.7, -8.0)],
        *[(steps(1.0, -1), -1.0), (9007199254740991.0, 1 / 3), (3.0, 1e-300), (1e300, 1e-17)],
        *[(draw.uniform(0, 4), float(draw.randint(-30, 30))) for _ in range(60)],
        *[(draw.uniform(0, 4), draw.uniform(-5, 5)) for _ in range(40)],
    ]
    for _ in range(60):  # results of every size
        x = 2.0 ** draw.uniform(-1000, 1000)
        pairs.append((x, draw.uniform(-1070, 1020) / math.log2(x)))
    for _ in range(20):  # and subnormal ones
        x = 2.0 ** draw.uniform(-1000, -0.5)
        pairs.append((x, draw.uniform(-1074, -1022) / math.log2(x)))
    for _ in range(60):
        x = 1 + draw.choice((1, -1)) * 2.0 ** draw.uniform(-40, -2)
        pairs.append((x, draw.uniform(-740, 700) / math.log(x)))
    return [(float(x), float(y)) for x, y in pairs]


def power(x, y):
    """Of a negative x the whole powers, by exact fractions."""
    if x > 0:
        return mpmath.power(x, y)
    exact = Fraction(float(x)) ** int(y)
    return mpf(exact.numerator) / mpf(exact.denominator)


FUNCTIONS = {
    "exp": mpmath.exp,
    "expm1": mpmath.expm1,
    "log": mpmath.log,
    "log1p": mpmath.log1p,
    "tanh": mpmath.tanh,
    "sin": mpmath.sin,
    "cos": mpmath.cos,
}


def compute():
    rows = {name: [row(function, x) for x in points(name)] for name, function in FUNCTIONS.items()}
    rows["pow"] = [row(power, x, y) for x, y in power_points()]
    kept = {name: [one for one in all_rows if one] for name, all_rows in rows.items()}
    return {"mpmath": mpmath.__version__, **kept}


def main():
    file = Path(sys.argv[1])
    new = compute()
    count = sum(len(rows) for name, rows in new.items() if name != "mpmath")
    if "--check" not in sys.argv:
        file.write_text(json.dumps(new, separators=(",", ":")), encoding="utf-8")
        print(f"{count} values of elementary functions are written.")
        return
    old = json.loads(file.read_text(encoding="utf-8"))
    wrong = [name for name in new if old.get(name) != new[name]]
    if wrong or old.keys() != new.keys():
        sys.exit(f"The file differs from what mpmath computes now: {', '.join(wrong)}.")
    print(f"{count} values of elementary functions are as in the file.")


main()
