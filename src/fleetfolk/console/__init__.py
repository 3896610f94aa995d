"""The shell of the console: base pages, components, and what every view needs."""
