"""What the office adds to the list on the record, and how each unit refines what it owes."""
