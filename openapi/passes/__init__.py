"""What is wrong with the generated document, one file and one named pass for each thing; every pass changes the document in place.

shapes      nulls, empty bodies, numbers without a format, inline objects
unions      which variant of a union is it?          open_lists   a list of values that may grow
security    who may call                             problems     what can go wrong
headers     what answers carry                       examples     what it looks like
webhooks    what a phone gets pushed                 order        the same bytes on every machine
"""
