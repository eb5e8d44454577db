"""What every test may ask for; each part lives in tests/support."""

pytest_plugins = [
    "tests.support.servers",
    "tests.support.database",
    "tests.support.queue",
    "tests.support.browser",
    "tests.support.arranging",
    "tests.support.visits",
    "tests.support.post",
    "tests.support.passwords",
]
