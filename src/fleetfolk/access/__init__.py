"""Roles and what is switched on them, guests and partners, and the gate: who may do what to whom, and why."""
