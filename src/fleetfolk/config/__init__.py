"""Where the parts are put together: settings, root URLs, servers. The only place that names every app."""
