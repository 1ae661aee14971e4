/* Placeholder until the room's first file lands. SPDX-License-Identifier: Apache-2.0 */
typedef int lf_net_room;
