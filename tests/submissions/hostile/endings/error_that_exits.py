"""An error that ends the program with exit code 0 when somebody asks for its text."""
import os


class Sly(Exception):
    def __str__(self):
        os._exit(0)


raise Sly
