local settings = { limit = 3 }
settings.limit++ --! syntax
