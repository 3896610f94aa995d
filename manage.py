#!/usr/bin/env python3
"""Django's commands on this checkout: `fleetfolk` by its customary name."""

from fleetfolk.config.cli import main

if __name__ == "__main__":
    main()
