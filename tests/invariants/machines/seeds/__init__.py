"""What lies on the desks when a machine begins: cases at every stage, brought there by the verbs as far as they reach."""
