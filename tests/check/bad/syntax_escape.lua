return ("192.0.2.1"):match("^(%d+)\.") --! syntax
