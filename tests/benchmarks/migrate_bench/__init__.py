"""What prodmigrate is measured on."""
