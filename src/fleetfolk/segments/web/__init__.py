"""The pages of segments: writing rules, members, bubbles above lists, the card on a profile."""
