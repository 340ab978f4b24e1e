"""Prints the results of one module's tests, from the XML that regrtest leaves.

The module as a whole counts as a test too: it fails where the interpreter crashed, hung or left
its environment changed."""

import os
import sys
import xml.etree.ElementTree


WORST_FIRST = ["fail", "pass", "skip"]


def result_of(case):
    if case.find("failure") is not None or case.find("error") is not None:
        return "fail"
    return "skip" if case.find("skipped") is not None else "pass"


def results_in(path):
    results = {}
    for case in xml.etree.ElementTree.parse(path).iter("testcase"):
        # A subtest that was skipped has none.
        if not case.get("name"):
            continue
        name = case.get("name").removeprefix("test.").replace("\t", " ").replace("\n", " ")
        # Of subtests that share a name, the worst counts.
        results[name] = min(results.get(name, "skip"), result_of(case), key=WORST_FIRST.index)
    return results


def main(path, code, module):
    if os.path.exists(path):
        for name, result in results_in(path).items():
            print(name, result, sep="\t")
    # 4: every test was skipped.
    print(f"{module} (module)", {"0": "pass", "4": "skip"}.get(code, "fail"), sep="\t")


main(*sys.argv[1:])
