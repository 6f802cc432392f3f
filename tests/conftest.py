"""How drawn examples are made: the same in every run; HYPOTHESIS_PROFILE=explore tries many new ones."""

import os

from hypothesis import settings

settings.register_profile("same", deadline=None, derandomize=True, max_examples=40, database=None)
settings.register_profile("explore", deadline=None, max_examples=2000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))
