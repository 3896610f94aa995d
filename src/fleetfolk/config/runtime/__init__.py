"""What keeps an installation running: folder, database, processes, and the checks that say what is wrong."""
