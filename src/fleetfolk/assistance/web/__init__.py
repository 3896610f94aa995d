"""Where an assistance is asked for, begun, lived in and read about."""
