"""The Platform API as Blynk's scripts know it: the same paths, parameters and forms, over our Actions and queries."""
