local window = 60s --! syntax
return window
