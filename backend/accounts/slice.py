"""What accounts bring to the app: nothing but what they do when they hear of a sign-in."""

from backend.accounts.reactions import take_the_push_target, tell_of_the_new_device, tell_who_acts_for_them
from kernel.slice import Slice

SLICE = Slice(name="accounts", reactions=[tell_of_the_new_device, tell_who_acts_for_them, take_the_push_target])
