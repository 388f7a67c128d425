"""What `make docs` needs beside Sphinx: pages filled from the program itself, so that they cannot lag behind it."""
