"""The pages of jobs, and of an act on many: choosing, looking, doing, taking back."""
