"""Statistics of histories against scipy and lifelines, on made-up series: `growth.py PROGRAM`."""

import math
import random
import subprocess
import sys

from lifelines import KaplanMeierFitter
from scipy import stats

rng = random.Random(11)
lines, expected = [], []
for number in range(300):
    count = rng.randint(4, 40)
    trend, noise = rng.choice([0, 0.3, 2]), rng.choice([0, 1, 10])
    # Whole numbers, so that there are ties.
    values = [round(trend * x + rng.uniform(-noise, noise)) for x in range(count)]
    slope = stats.theilslopes(values, range(count), alpha=0.95)
    tau = stats.kendalltau(range(count), values, method="asymptotic")
    p = 1.0 if math.isnan(tau.pvalue) else tau.pvalue
    lines.append("series " + " ".join(map(str, values)))
    expected.append([slope[0], slope[2], slope[3], p])
for number in range(100):
    count = rng.randint(2, 60)
    ages = [(rng.randint(0, 30), rng.random() < 0.6) for _ in range(count)]
    fit = KaplanMeierFitter().fit([age for age, _ in ages], [died for _, died in ages])
    died = sorted({age for age, it in ages if it})
    lines.append("survival " + " ".join(f"{age}:{int(it)}" for age, it in ages))
    expected.append([value for age in died for value in (age, float(fit.predict(age)))])

answers = subprocess.run(
    sys.argv[1:], input="\n".join(lines) + "\n", capture_output=True, text=True, check=True
).stdout.splitlines()
differences = 0
for line, answer, values in zip(lines, answers, expected, strict=True):
    found = [float(value) for value in answer.replace(":", " ").split()]
    same = len(found) == len(values) and all(
        math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12) for a, b in zip(found, values)
    )
    if not same:
        differences += 1
        if differences <= 5:
            print(f"{line}\n  bespoke: {found}\n  oracle:  {values}")
print(f"{len(lines)} series and survivals, {differences} differences")
sys.exit(1 if differences else 0)
