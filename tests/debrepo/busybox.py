"""The links of a busybox: they are made at installation, and the program knows only their names.

SPDX-License-Identifier: Apache-2.0
"""

# busybox's own table says where an applet is linked, but only a run of the program shows it; on a merged /usr the one
# question is `bin` or `sbin`.
ADMIN_APPLETS = frozenset("""
    acpid adjtimex arp blkid blockdev brctl chpasswd chroot crond devmem dhcprelay dnsd fbset fbsplash fdisk findfs freeramdisk
    fsck fsck.minix fsfreeze fstrim getty halt httpd hwclock i2cdetect i2cdump i2cget i2cset i2ctransfer ifconfig ifdown
    ifenslave ifplugd ifup init insmod ip ipaddr iplink ipneigh iproute iprule iptunnel killall5 klogd loadfont loadkmap
    logread losetup lpd lsmod makedevs mdev mkdosfs mke2fs mkfs.ext2 mkfs.minix mkfs.vfat mkswap modinfo modprobe nameif
    nanddump nandwrite nbd-client ntpd partprobe pivot_root popmaildir poweroff raidautorun rdate rdev readahead reboot
    remove-shell rmmod route run-init runlevel sendmail setconsole setfont setlogcons slattach start-stop-daemon sulogin
    svlogd swapoff swapon switch_root sysctl syslogd telnetd tc tftpd tunctl tune2fs ubiattach ubidetach ubimkvol ubirename
    ubirmvol ubirsvol ubiupdatevol udhcpc udhcpc6 udhcpd uevent vconfig watchdog zcip add-shell addgroup adduser delgroup
    deluser inetd fakeidentd arping depmod mim nologin
""".split())


def applets(program):
    """Names of a busybox program's applets, from the list inside the program (so of any architecture)."""
    start = program.find(b"\0[\0[[\0")
    if start < 0:
        raise ValueError("busybox: list of applets not found in the program")
    names = []
    for name in program[start + 1:].split(b"\0"):
        if not name:
            break
        names.append(name.decode())
    return names


def applet_links(program):
    folders = ((name, "sbin" if name in ADMIN_APPLETS else "bin") for name in applets(program) if name != "linuxrc")
    return ["/usr/%s/%s" % (folder, name) for name, folder in folders]
