"""Moving in from a server with a Platform API as Blynk has it: read there, made here through Actions."""
