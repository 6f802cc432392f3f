"""How well the languages of short texts are recognised, measured beside other recognisers."""
