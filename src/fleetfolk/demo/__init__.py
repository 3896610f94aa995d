"""A believable world, told by a story and built through Actions; its simulated devices, and the mails it sends."""
