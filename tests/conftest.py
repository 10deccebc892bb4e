"""What all tests share: hypothesis gives the same examples everywhere, and no clock decides."""

from hypothesis import settings

settings.register_profile("bifolium", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("bifolium")
