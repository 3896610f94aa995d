"""Tests of keys and of the REST interface."""
