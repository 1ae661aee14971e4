# SPDX-License-Identifier: Apache-2.0
Gem::Specification.new do |s|
  s.name = "hello"
  s.version = "1.2.3"
  s.summary = "says hello"
  s.authors = ["nobody"]
  s.license = "Apache-2.0"
  s.homepage = "https://example.org"
  s.required_ruby_version = ">= 2.7"
  s.files = ["bin/hello"]
  s.bindir = "bin"
  s.executables = ["hello"]
  s.signing_key = "/nowhere/key.pem"
end
