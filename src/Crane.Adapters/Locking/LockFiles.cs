using Crane.Adapters.Machine;
using Crane.Adapters.Yaml;
using Crane.Locking;

namespace Crane.Adapters.Locking;

/// <summary>Lock files on disk, in YAML.</summary>
internal sealed class LockFiles : ILockFiles
{
    /// <inheritdoc/>
    public CraneLock? Read(string path)
    {
        if (!File.Exists(path))
            return null;
        try
        {
            return LockReader.Read(CraneFileText.Read(new FoundFile(path, "the lock file")));
        }
        catch (CraneException error) when (error.Id != CraneErrorId.LockInvalid)
        {
            throw new CraneException(CraneErrorId.LockInvalid, error.Message, error.RecommendedAction, error)
            {
                Location = error.Location,
                Subject = path,
            };
        }
    }

    /// <inheritdoc/>
    public void Write(string path, CraneLock content)
    {
        try
        {
            WholeFile.Write(WholeFile.Target(path), LockWriter.Bytes(content), isPrivate: false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CraneException(
                CraneErrorId.FileNotWritten, $"The lock file '{path}' cannot be written: {exception.Message}",
                "Check the permissions of its folder, and that the disk is not full.", exception).About(path);
        }
    }
}
