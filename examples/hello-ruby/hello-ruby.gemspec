# frozen_string_literal: true

Gem::Specification.new do |spec|
  spec.name = 'hello-ruby'
  spec.version = '0.1.0'
  spec.summary = 'answers Hello World over HTTP'
  spec.authors = ['the factory']
  spec.license = 'Apache-2.0'
  spec.files = ['bin/hello-ruby']
  spec.bindir = 'bin'
  spec.executables = ['hello-ruby']
  spec.required_ruby_version = '>= 3.0'
  spec.add_runtime_dependency 'sinatra', '>= 3.0'
  spec.add_runtime_dependency 'webrick', '>= 1.7'
end
