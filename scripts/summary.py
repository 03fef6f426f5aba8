#!/usr/bin/env python3
"""summary.py JUNIT: one line with the number of tests that passed, failed and were skipped. Status 1 when any failed."""
import sys
import xml.etree.ElementTree as ET


def main():
    passed = failed = skipped = 0
    for case in ET.parse(sys.argv[1]).iter('testcase'):
        if case.find('failure') is not None or case.find('error') is not None:
            failed += 1
        elif case.find('skipped') is not None:
            skipped += 1
        else:
            passed += 1
    print(f'{passed} passed, {failed} failed' + (f', {skipped} skipped' if skipped else ''))
    return 1 if failed or not passed else 0


if __name__ == '__main__':
    sys.exit(main())
