# SPDX-License-Identifier: Apache-2.0
package Hello;

our $VERSION = '1.23';

sub text { return 'Hello World!'; }

1;
