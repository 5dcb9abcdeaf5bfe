"""read_junit.py SCHEMA FILE: validates a JUnit file by an XML schema, and reads it as CI scripts do."""

import sys

import junitparser
import xmlschema

schema, file = sys.argv[1:]
xmlschema.XMLSchema(schema).validate(file)
suites = junitparser.JUnitXml.fromfile(file)
cases = [case for suite in suites for case in suite]
failed = sum(not case.is_passed and not case.is_skipped for case in cases)
told, found = (suites.tests, suites.failures), (len(cases), failed)
if told != found:
    sys.exit(f"the file tells {told} cases and failures, and a reader finds {found}")
print(f"JUnit: {len(cases)} cases, {failed} failed, fit the schema and come back")
