"""Remote assistance: who looked into whose view, when and why."""
