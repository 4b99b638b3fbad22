using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Crane.Adapters.Machine;

/// <summary>
/// Shows without reading a file that it is unchanged. A program can set back the time of the last write, but not the time at
/// which the system recorded the last change of any kind; a file that replaces another one has another inode.
/// </summary>
/// <param name="Mode">Kind and permissions.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Modified">When its content was last written, in nanoseconds since 1970.</param>
/// <param name="Changed">When anything of it was last changed.</param>
/// <param name="Inode">Its number in the file system; 0 where it has none.</param>
internal readonly partial record struct FileStamp(long Mode, long Size, long Modified, long Changed, long Inode)
{
    // Longer than a tick of any file system's clock; two changes in one tick cannot be told apart.
    private const long SettledAfter = 2_000_000_000;

    /// <summary>Whether every later change of the file changes the stamp, too.</summary>
    public bool IsSettled(DateTimeOffset now) =>
        Changed < ((now - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick) - SettledAfter;

    /// <summary>The stamp of a path, which may be a link; null where the system has none.</summary>
    public static FileStamp? Of(string path)
    {
        try
        {
            return OperatingSystem.IsLinux() ? Linux.Read(path)
                : OperatingSystem.IsMacOS() ? MacOS.Read(path)
                : OperatingSystem.IsWindows() ? Windows.Read(path)
                : null;
        }
        // A C library without the function; or the file is gone or not accessible, which reading it will report.
        catch (Exception exception) when (
            exception is EntryPointNotFoundException or DllNotFoundException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Path and stamp of a file, or of what a link leads to; the path alone where there is none.</summary>
    public static string Describe(string path)
    {
        try
        {
            return $"{path}\0{Of(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path)}";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return path;
        }
    }

    [StructLayout(LayoutKind.Explicit, Size = 16)]
    private readonly struct UnixTime
    {
        [FieldOffset(0)] private readonly long _seconds;
        [FieldOffset(8)] private readonly uint _nanoseconds;

        public long Nanoseconds => (_seconds * 1_000_000_000) + _nanoseconds;
    }

    // statx(2)
    private static partial class Linux
    {
        private const int CurrentFolder = -100;
        private const int NoFollow = 0x100;
        private const uint BasicStats = 0x7ff;

        public static FileStamp? Read(string path) => StatX(CurrentFolder, path, NoFollow, BasicStats, out var file) == 0
            ? new(file.Mode, file.Size, file.Modified.Nanoseconds, file.Changed.Nanoseconds, file.Inode)
            : null;

        [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        private static partial int StatX(int folder, string path, int flags, uint mask, out Stat file);

        [StructLayout(LayoutKind.Explicit, Size = 256)]
        private readonly struct Stat
        {
            [FieldOffset(28)] public readonly ushort Mode;
            [FieldOffset(32)] public readonly long Inode;
            [FieldOffset(40)] public readonly long Size;
            [FieldOffset(96)] public readonly UnixTime Changed;
            [FieldOffset(112)] public readonly UnixTime Modified;
        }
    }

    // lstat(2) with 64-bit inodes, which has another name on older processors.
    private static partial class MacOS
    {
        public static FileStamp? Read(string path)
        {
            var isRead = RuntimeInformation.ProcessArchitecture == Architecture.Arm64
                ? LStat(path, out var file)
                : LStat64(path, out file);
            return isRead == 0
                ? new(file.Mode, file.Size, file.Modified.Nanoseconds, file.Changed.Nanoseconds, file.Inode)
                : null;
        }

        [LibraryImport("libc", EntryPoint = "lstat", StringMarshalling = StringMarshalling.Utf8)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        private static partial int LStat(string path, out Stat file);

        [LibraryImport("libc", EntryPoint = "lstat$INODE64", StringMarshalling = StringMarshalling.Utf8)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        private static partial int LStat64(string path, out Stat file);

        [StructLayout(LayoutKind.Explicit, Size = 144)]
        private readonly struct Stat
        {
            [FieldOffset(4)] public readonly ushort Mode;
            [FieldOffset(8)] public readonly long Inode;
            [FieldOffset(48)] public readonly UnixTime Modified;
            [FieldOffset(64)] public readonly UnixTime Changed;
            [FieldOffset(96)] public readonly long Size;
        }
    }

    // The change time of NTFS, which .NET does not offer. Opening a link would open its target.
    private static partial class Windows
    {
        private const int BasicInformation = 0;
        private const long FileTimeOf1970 = 116_444_736_000_000_000;

        public static FileStamp? Read(string path)
        {
            var attributes = File.GetAttributes(path);
            if (attributes.HasFlag(FileAttributes.ReparsePoint) || attributes.HasFlag(FileAttributes.Directory))
                return null;
            using var handle = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
            return GetFileInformation(handle, BasicInformation, out var file, Marshal.SizeOf<Information>())
                ? new((long)attributes, RandomAccess.GetLength(handle), Nanoseconds(file.Modified), Nanoseconds(file.Changed), 0)
                : null;
        }

        private static long Nanoseconds(long fileTime) => (fileTime - FileTimeOf1970) * TimeSpan.NanosecondsPerTick;

        [LibraryImport("kernel32", EntryPoint = "GetFileInformationByHandleEx")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
        [return: MarshalAs(UnmanagedType.Bool)]
        private static partial bool GetFileInformation(SafeFileHandle file, int kind, out Information information, int size);

        [StructLayout(LayoutKind.Explicit, Size = 40)]
        private readonly struct Information
        {
            [FieldOffset(16)] public readonly long Modified;
            [FieldOffset(24)] public readonly long Changed;
        }
    }
}
