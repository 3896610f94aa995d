"""What programs do here: their keys, and the REST interface that they speak to."""
