"""Runs checks in order and prints one TAP line for each, as scripts/clients.ts reads them."""

import signal
import sys
import traceback

CHECKS = []
SECONDS_MAX = 90


def check(name):
    """Marks a function as a check; it gets the bootstrap address and fails by raising."""

    def mark(function):
        CHECKS.append((name, function))
        return function

    return mark


def equal(actual, expected, what="value"):
    """Fails unless both are equal."""
    if actual != expected:
        raise AssertionError(f"{what}: got {actual!r:.500}, expected {expected!r:.500}")


def refused(error_class, call):
    """Fails unless `call` raises `error_class`; returns what it raised."""
    try:
        call()
    except error_class as error:
        return error
    raise AssertionError(f"not refused with {error_class.__name__}")


def _too_late(_signal, _frame):
    raise TimeoutError(f"no end after {SECONDS_MAX} s")


def main():
    """Runs all checks against the address in the first argument."""
    bootstrap = sys.argv[1]
    failed = 0
    signal.signal(signal.SIGALRM, _too_late)
    for number, (name, function) in enumerate(CHECKS, 1):
        signal.alarm(SECONDS_MAX)
        try:
            function(bootstrap)
            print(f"ok {number} - {name}", flush=True)
        except Exception as error:  # one failed check must not stop the others
            failed += 1
            print(f"not ok {number} - {name}", flush=True)
            for line in traceback.format_exc().rstrip().split("\n"):
                print(f"# {line}", flush=True)
            del error
        finally:
            signal.alarm(0)
    print(f"1..{len(CHECKS)}", flush=True)
    sys.exit(1 if failed else 0)
