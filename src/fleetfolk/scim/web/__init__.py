"""The pages about directories, and the door at which directories ask."""
