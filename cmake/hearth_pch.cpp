// Exists so that cmake/hearth_pch.h is compiled once.
