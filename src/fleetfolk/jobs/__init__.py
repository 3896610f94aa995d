"""Long work with progress, cancel and a report."""
