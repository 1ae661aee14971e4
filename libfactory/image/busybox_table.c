/*
 * The links that `busybox --install` would make, for the packages that do not carry the list
 * themselves: one list of the oldest version, and what each later one added or took away.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/busybox.h"

#include "base/mem.h"
#include "base/vec.h"
#include "base/banned.h"

#define NEWEST "1.36.0"

/* clang-format off */
static const struct {
	const char *dir, *names;
} oldest[] = {
	{"/bin",
	 "arch ash base64 bash bbconfig cat chattr chgrp chmod chown conspy cp cpio "
	 "cttyhack date dd df dmesg dnsdomainname dumpkmap echo ed egrep false "
	 "fatattr fdflush fgrep fsync getopt grep gunzip gzip hostname hush ionice "
	 "iostat ipcalc kbd_mode kill link linux32 linux64 ln login ls lsattr lzop "
	 "makemime minips mkdir mknod mktemp more mount mountpoint mpstat mt mv "
	 "netstat nice nuke pidof ping ping6 pipe_progress printenv ps pwd "
	 "reformime resume rev rm rmdir rpm run-parts scriptreplay sed setarch "
	 "setpriv setserial sh sleep stat stty su sync tar touch true umount uname "
	 "uncompress usleep vi watch zcat"},
	{"/root",
	 "linuxrc"},
	{"/sbin",
	 "acpid adjtimex arp blkid blockdev bootchartd depmod devfsd devmem "
	 "fbsplash fdisk findfs freeramdisk fsck fsck.minix fstrim getty halt "
	 "hdparm hwclock ifconfig ifdown ifenslave ifup init inotifyd insmod ip "
	 "ipaddr iplink ipneigh iproute iprule iptunnel klogd loadkmap logread "
	 "losetup lsmod makedevs mdev mkdosfs mke2fs mkfs.ext2 mkfs.minix "
	 "mkfs.reiser mkfs.vfat mkswap modinfo modprobe nameif pivot_root poweroff "
	 "raidautorun reboot restorecon rmmod route run-init runlevel setconsole "
	 "setfiles slattach start-stop-daemon sulogin swapoff swapon switch_root "
	 "sysctl syslogd tc tunctl tune2fs udhcpc uevent vconfig watchdog zcip"},
	{"/usr/bin",
	 "[ [[ ar awk basename bc beep blkdiscard bunzip2 bzcat bzip2 cal chcon "
	 "chpst chrt chvt cksum clear cmp comm crontab cryptpw cut dc deallocvt "
	 "diff dirname dos2unix dpkg dpkg-deb du dumpleases eject env envdir "
	 "envuidgid expand expr factor fallocate fgconsole find flock fold free "
	 "ftpget ftpput fuser groups hd head hexdump hexedit hostid id install "
	 "ipcrm ipcs killall last less logger logname lpq lpr lsof lspci lsscsi "
	 "lsusb lzcat lzma lzopcat man md5sum mesg microcom mkfifo mkpasswd nc "
	 "netcat nl nmeter nohup nproc nsenter nslookup od openvt passwd paste "
	 "patch pgrep pkill pmap printf pscan pstree pwdx readlink realpath renice "
	 "reset resize rpm2cpio runcon runsv runsvdir rx script seq setfattr "
	 "setkeycodes setsid setuidgid sha1sum sha256sum sha3sum sha512sum showkey "
	 "shred shuf smemcap softlimit sort split ssl_client strings sum sv svc "
	 "svok tac tail taskset tcpsvd tee telnet test tftp time timeout top tr "
	 "traceroute traceroute6 truncate ts tty ttysize udhcpc6 udpsvd unexpand "
	 "uniq unit unix2dos unlink unlzma unlzop unshare unxz unzip uptime users "
	 "uudecode uuencode vlock volname w wall wc wget which who whoami whois "
	 "xargs xxd xz xzcat yes"},
	{"/usr/sbin",
	 "add-shell addgroup adduser arping brctl chat chpasswd chroot crond "
	 "delgroup deluser dhcprelay dnsd ether-wake fakeidentd fbset fdformat "
	 "flash_eraseall flash_lock flash_unlock flashcp fsfreeze ftpd getenforce "
	 "getsebool httpd i2cdetect i2cdump i2cget i2cset i2ctransfer ifplugd inetd "
	 "killall5 load_policy loadfont lpd matchpathcon mim nanddump nandwrite "
	 "nbd-client nologin ntpd partprobe popmaildir powertop rdate rdev "
	 "readahead readprofile remove-shell rfkill rtcwake selinuxenabled sendmail "
	 "sestatus setenforce setfont setlogcons setsebool svlogd telnetd tftpd "
	 "ubiattach ubidetach ubimkvol ubirename ubirmvol ubirsvol ubiupdatevol "
	 "udhcpd"},
};

static const struct {
	const char *version;
	const char *more; /* paths */
	const char *gone; /* one path; compat: that it comes back is how the lists were recorded */
} step[] = {
	{"1.32.1", "", ""},
	{"1.33.0", "/bin/base32", ""},
	{"1.33.1", "", ""},
	{"1.33.2", "", ""},
	{"1.34.0", "/usr/bin/ascii /usr/bin/crc32", "/bin/bash"},
	{"1.34.1", "/bin/bash", ""},
	{"1.35.0", "", ""},
	{NEWEST, "/usr/bin/tree /usr/bin/tsort /usr/sbin/seedrng", ""},
};
/* clang-format on */

static void add_oldest(struct lf_arena *arena, struct lf_strv *ret)
{
	struct lf_str name;

	for (size_t i = 0; i < LF_ARRAY_LEN(oldest); i++)
		for (struct lf_str rest = lf_str(oldest[i].names); lf_str_word(&rest, &name);)
			lf_strv_add(ret, lf_arena_printf(arena, "%s/" LF_STR_FMT, oldest[i].dir,
							 LF_STR_ARG(name)));
}

static void take_step(size_t k, struct lf_arena *arena, struct lf_strv *list)
{
	struct lf_str rest = lf_str(step[k].more), path;
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++)
		if (strcmp(list->v[i], step[k].gone) != 0)
			list->v[n++] = list->v[i];
	list->n = n;
	while (lf_str_word(&rest, &path))
		lf_strv_add(list, lf_arena_str(arena, path));
}

static bool is_known(struct lf_str version)
{
	for (size_t k = 0; k < LF_ARRAY_LEN(step); k++)
		if (lf_str_is(version, step[k].version))
			return true;
	return false;
}

void lf_busybox_links(struct lf_str version, struct lf_arena *arena, struct lf_strv *ret)
{
	if (!is_known(version))
		version = LF_STR(NEWEST);
	add_oldest(arena, ret);
	for (size_t k = 0; k < LF_ARRAY_LEN(step); k++) {
		take_step(k, arena, ret);
		if (lf_str_is(version, step[k].version))
			return;
	}
}

static bool take_number(struct lf_str *s)
{
	size_t n = 0;

	while (n < s->n && s->p[n] >= '0' && s->p[n] <= '9')
		n++;
	*s = lf_str_sub(*s, n, s->n);
	return n > 0;
}

static bool is_word(struct lf_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		const char c = s.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		      c == '_'))
			return false;
	}
	return s.n > 0;
}

bool lf_busybox_version(struct lf_str package_version, struct lf_str *ret)
{
	struct lf_str rest = package_version;

	(void)lf_str_skip(&rest, "v");
	const char *start = rest.p;

	if (!take_number(&rest) || !lf_str_skip(&rest, ".") || !take_number(&rest) ||
	    !lf_str_skip(&rest, ".") || !take_number(&rest))
		return false;
	*ret = (struct lf_str){start, (size_t)(rest.p - start)};
	return rest.n == 0 || (lf_str_skip(&rest, "-") && is_word(rest));
}
