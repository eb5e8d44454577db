"""One model of the certificate, run against the services, against the pages, and against the pages while things fail."""

import pytest

# Where the comparisons are: a discrepancy is told in full.
pytest.register_assert_rewrite("tests.model.play", "tests.model.faulty_pages", "tests.model.walk")
