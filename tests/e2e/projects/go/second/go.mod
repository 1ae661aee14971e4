module example.org/hello/second

go 1.19
