"""What every door and every domain stands on: Action, perform, Actor, Permission, the catalogue, errors."""
