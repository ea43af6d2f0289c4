local greeting = "hello --! syntax
return greeting
