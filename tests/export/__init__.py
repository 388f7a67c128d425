"""Tests of exported layers, read back with the libraries that people use."""
